import {describeMoveTests} from './run-move-tests.ts'

describeMoveTests('move/daas')
