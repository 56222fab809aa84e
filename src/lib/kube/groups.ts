const READ_VERBS = new Set(['get', 'list', 'watch'])

/**
 * The Kubernetes groups in which a requester is impersonated; templates/user-rbac.yaml says what each may do. The
 * chain has judged this very request already: the groups are the second, coarser opinion.
 * @param permissions `verb:resource` of the seal
 */
export function groupsOf(permissions: readonly string[]): string[] {
  const verbs = permissions.map((permission) => permission.slice(0, permission.indexOf(':')))
  const groups = ['daas:users']
  if (permissions.length > 0) groups.push('daas:viewers')
  if (verbs.some((verb) => !READ_VERBS.has(verb))) groups.push('daas:editors')
  if (permissions.includes('*:*')) groups.push('daas:admins')
  return groups
}
