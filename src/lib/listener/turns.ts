/** Does work on one thing after the other, on different things side by side. */
export type Turns = <T>(name: string, work: () => Promise<T>) => Promise<T>

/** Makes turns: what is asked for under one name waits for what was asked before, however that ended. */
export function createTurns(): Turns {
  const turns = new Map<string, Promise<unknown>>()
  return async (name, work) => {
    const before = turns.get(name) ?? Promise.resolve()
    const mine = before.then(work, work)
    turns.set(name, mine)
    try {
      return await mine
    } finally {
      if (turns.get(name) === mine) turns.delete(name)
    }
  }
}
