/** The steps of leaving as people read them, in their order. */
export const LEAVE_STAGES = [
  {name: 'cluster', title: 'leave the cluster'},
  {name: 'unit', title: 'remove the systemd unit'},
  {name: 'agent', title: 'stop the agent'},
  {name: 'pods', title: 'end what k3s left running'},
  {name: 'files', title: 'remove files'},
] as const
