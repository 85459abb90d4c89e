import { bridgectlExitCodes, type ExitCode, problemTypes, serviceExitCodes } from '../../src/bridge/index.ts'
import { handbookExitCodes } from '../../src/cli/exit-codes.ts'

type Code = keyof typeof problemTypes

/** An entry for each error code of the API, by status; the code is its anchor. */
export const problemEntries = async () => {
  const entries = Object.entries(problemTypes).map(([code, problem]) => ({ code: code as Code, ...problem }))
  const statuses = [...new Set(entries.map(({ status }) => status))].sort((a, b) => a - b)
  return statuses
    .flatMap(status => entries.filter(entry => entry.status === status))
    .map(({ code, status, title, meaning, remedy }) =>
      [`### \`${code}\``, `**${status}. ${title}.** ${meaning}.`, `What to do: ${remedy}.${leadOn(code)}`].join('\n\n'),
    )
    .join('\n\n')
}

/** An entry for each way in which the API and the worker end. */
export const serviceExitEntries = async () => describeExits('The service', 'service', serviceExitCodes)

/** An entry for each way in which the operators' command ends. */
export const bridgectlExitEntries = async () => describeExits('`bridgectl`', 'bridgectl', bridgectlExitCodes)

/** An entry for each way in which the handbook's command ends. */
export const handbookExitEntries = async () => describeExits('`handbook`', 'handbook', handbookExitCodes)

/** Where whoever is on call goes on with an error; the others are their senders' to mend. */
const PAGES: Partial<Readonly<Record<Code, readonly [title: string, page: string]>>> = {
  'upload-interrupted': ['The upload breaks off', 'troubleshooting.md#breaks-off'],
  'internal-error': ['A new release fails uploads', '/runbooks/bad-deployment'],
  'admission-closed': ['Admission was left closed', '/runbooks/admission-closed'],
  'database-unavailable': ['The database is down', '/runbooks/database-down'],
  'keys-unavailable': ['Uploads are refused with 503', 'troubleshooting.md#refused-503'],
  'scanner-unavailable': ['The malware scanner does not answer', '/runbooks/scanner-down'],
  overloaded: ['Uploads are refused with 503', 'troubleshooting.md#refused-503'],
  draining: ['Uploads are refused with 503', 'troubleshooting.md#refused-503'],
  'malware-found': ['Malware is uploaded', '/runbooks/malicious-upload'],
  'too-many-failures': ['Security incidents', '../incidents/security.md'],
  'admission-closed-storage': ['The storage volume is filling up', '/runbooks/storage-filling'],
  'storage-insufficient': ['The storage volume is filling up', '/runbooks/storage-filling'],
  'storage-full': ['The storage volume is filling up', '/runbooks/storage-filling'],
}

function leadOn(code: Code): string {
  const [title, page] = PAGES[code] ?? []
  return page === undefined ? '' : ` On call: [${title}](${page}).`
}

function describeExits(who: string, anchor: string, codes: Readonly<Record<string, ExitCode>>): string {
  return Object.values(codes)
    .map(({ code, meaning, remedy }) =>
      [`### ${who} ends with ${code} <!-- #${anchor}-${code} -->`, `${meaning}.`, `What to do: ${remedy}.`].join(
        '\n\n',
      ),
    )
    .join('\n\n')
}
