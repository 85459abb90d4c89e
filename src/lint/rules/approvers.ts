import { parseDuration } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import type { Place } from '../../procedure/index.ts'
import { type Violation, violation } from '../rule.ts'

/** Finds why nobody, or somebody who is named, could never approve anything in an environment. */
export function judgeApprovers(
  name: string,
  { protected: guarded, approvers, approvalValidFor }: HandbookFile['environments'][string],
  at: (...path: readonly string[]) => Place,
): Violation[] {
  const unusable = Object.entries(approvers).flatMap(([approver, keys]) =>
    [keys].flat().some(key => !isPublicKey(key)) ? [approver] : [],
  )
  return [
    ...(guarded && Object.keys(approvers).length === 0
      ? [
          violation(at('protected'), `${name} is protected, and nobody may approve there`, {
            hint: 'Name somebody: approvers: { NAME: ssh-ed25519 AAAA… }',
          }),
        ]
      : []),
    ...unusable.map(approver =>
      violation(at('approvers', approver), `A key of ${approver} is no whole SSH public key`, {
        found: approver,
        hint: 'Copy the line of the file that ends in .pub; it must not be a certificate',
      }),
    ),
    ...(approvalValidFor !== undefined && parseDuration(approvalValidFor) === 0
      ? [
          violation(at('approvalValidFor'), 'An approval would end as it begins', {
            found: approvalValidFor,
            hint: 'Write how long somebody needs to approve, such as 1h',
          }),
        ]
      : []),
  ]
}

/** Whether the body of a key names the kind that stands before it. Source: section 6.6 of RFC 4253. */
function isPublicKey(line: string): boolean {
  const [kind = '', body = ''] = line.trim().split(/\s+/)
  if (kind.includes('-cert-v')) return false
  const bytes = Buffer.from(body, 'base64')
  const behind = 4 + kind.length
  return (
    bytes.length > behind &&
    bytes.readUInt32BE(0) === kind.length &&
    bytes.toString('latin1', 4, behind) === kind &&
    holdsWholeFields(bytes)
  )
}

/** Whether bytes are fields one behind the other, each with its length before it, and nothing of the last one is missing. */
function holdsWholeFields(bytes: Buffer): boolean {
  let at = 0
  while (at + 4 <= bytes.length) at += 4 + bytes.readUInt32BE(at)
  return at === bytes.length
}
