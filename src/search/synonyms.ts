/**
 * Words that people say for one another, a line each. They come from the field and from the handbook's own words. A search for one finds
 * the others too, but counts them less.
 */
const SAME: readonly string[] = [
  'database db postgres postgresql pg sql',
  'volume disk storage drive filesystem',
  'full filling exhausted',
  'downstream receiver destination recipient',
  'delivered arrive arrived received',
  'backlog queue pending waiting',
  'release version build',
  'deploy rollout upgrade ship',
  'rollback revert undo',
  'credential key token secret password',
  'leaked exposed stolen compromised',
  'stuck hang hanging hangs frozen stalled',
  'slow latency lag',
  'damaged corrupt corrupted broken',
  'down unavailable unreachable dead outage',
  'interrupted breaks aborted aborts drops',
  'refused rejected denied declined',
  'forbidden unauthorized unauthenticated',
  'certificate cert tls ssl',
  'malware virus',
  'backup snapshot',
  'restore recover recovery',
  'config configuration settings',
  'alert alarm page pager',
  'monitoring metrics prometheus',
  'postmortem retrospective review',
  'throttled quota limit',
  'call contact phone escalate escalation',
  'lost missing vanished gone disappeared',
  'attack breach hacked intrusion',
  'restart reboot',
]

/** The words that mean about the same as each word, all reduced by `reduce`. */
export function listSynonyms(reduce: (word: string) => string | null): ReadonlyMap<string, readonly string[]> {
  const synonyms = new Map<string, string[]>()
  for (const line of SAME) {
    const words = line.split(' ').flatMap(word => reduce(word) ?? [])
    for (const word of words)
      synonyms.set(word, [...(synonyms.get(word) ?? []), ...words.filter(other => other !== word)])
  }
  return synonyms
}
