/** `verb:resource`, as text.move has it. */
export const PERMISSION = /^(\*|[a-z]{1,32}):(\*|[a-z0-9\-./_]{1,317})$/
