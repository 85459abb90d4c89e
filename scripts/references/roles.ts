import { permissions, roleMeanings, roles } from '../../src/bridge/index.ts'

/** A table of who may ask for what: a row for each request, a column for nobody and for each role. Checks read it. */
export const roleMatrix = async () => {
  const rows = Object.entries(permissions).map(([request, allowed]) => {
    const isOpen = allowed === 'everybody'
    const cells = roles.map(role => isOpen || allowed.includes(role))
    return [`\`${request}\``, ...[isOpen, ...cells].map(may => (may ? 'yes' : 'no'))]
  })
  const table = [['request', 'nobody', ...roles], Array.from({ length: roles.length + 2 }, () => '---'), ...rows]
  return table.map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

/** What each role is for. */
export const roleEntries = async () => roles.map(role => `- \`${role}\` ${roleMeanings[role]}.`).join('\n')
