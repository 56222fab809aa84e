import {describeMoveTests} from './run-move-tests.ts'

describeMoveTests('move/framework/tests')
