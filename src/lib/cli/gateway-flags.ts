import {Flags} from '@oclif/core'

/** `--dir`: where the gateways of this user leave their runtime files. */
export const gatewayDirFlag = Flags.string({
  summary: 'directory (0700) of the running gateways',
  helpValue: 'DIR',
  env: 'DAAS_GATEWAY_DIR',
})
