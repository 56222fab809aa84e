/** The phases of a join as people read them, in their order. */
export const JOIN_STAGES = [
  {name: 'binary', title: 'find k3s'},
  {name: 'preflight', title: 'check the machine'},
  {name: 'stake', title: 'stake'},
  {name: 'seal', title: 'seal'},
  {name: 'register', title: 'register at the listener'},
  {name: 'verify', title: 'check the server'},
  {name: 'agent', title: 'start the agent'},
  {name: 'ready', title: 'wait until the node is Ready'},
] as const
