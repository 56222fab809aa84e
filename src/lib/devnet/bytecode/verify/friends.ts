import {entry} from '../module.ts'
import {refuse} from './refusal.ts'
import type {ModuleView} from './view.ts'

/** Friends are other modules of the same package. */
export function checkFriends({raw}: ModuleView): void {
  const self = entry(raw.module_handles, raw.self_module_handle_idx)
  for (const friend of raw.friend_decls) {
    if (friend.address !== self.address)
      refuse('INVALID_FRIEND_DECL_WITH_MODULES_OUTSIDE_ACCOUNT_ADDRESS', 'a friend of another package')
    if (friend.name === self.name) refuse('INVALID_FRIEND_DECL_WITH_SELF', 'a module is its own friend')
  }
}
