import {Chalk, type ChalkInstance} from 'chalk'

/** Colours for one stream: none where it is no terminal, under NO_COLOR or TERM=dumb. */
export function styleFor(stream: NodeJS.WriteStream): ChalkInstance {
  const {NO_COLOR, TERM, FORCE_COLOR} = process.env
  const plain = (NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb'
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '0'
  return new Chalk({level: plain ? 0 : stream.isTTY || forced ? 1 : 0})
}
