import {CommandHelp, Help} from '@oclif/core'

/**
 * oclif's usage line lists every flag, with dangling bars where flags exclude each other. Ours names what has to be
 * given; the flags follow one by one below it anyway.
 */
class UsageHelp extends CommandHelp {
  protected override defaultUsage(): string {
    const {id, args, flags} = this.command
    const given = Object.values(args ?? {})
      .filter(({hidden}) => hidden !== true)
      .map((arg) => (this.command.strict === false ? `${this.arg(arg)}...` : this.arg(arg)))
    const required = Object.values(flags)
      .filter((flag) => flag.type === 'option' && flag.required === true)
      .map((flag) => `--${flag.name} ${('helpValue' in flag && flag.helpValue) || flag.name.toUpperCase()}`)
    return [id, ...given, ...required, '[FLAGS]'].join(' ')
  }
}

/** The help of daas: that of oclif but for the usage line. Named by `oclif.helpClass` in package.json. */
export default class DaasHelp extends Help {
  protected override CommandHelpClass = UsageHelp
}
