import type { CarriedOver } from '../carry-over/carry-over.ts'

/** What was carried over, a line each. */
export function describeCarriedOver({ keys, holds, admission, circuit }: CarriedOver): string {
  const decided = [
    ...keys.revoked.map(id => `${id} is revoked`),
    ...keys.expireEarlier.map(id => `${id} expires earlier`),
    ...keys.haveAnotherRole.map(id => `${id} has another role`),
    ...keys.takenAlong.map(id => `${id} is taken along`),
    ...keys.lost.map(id => `${id} was made since, and has to be made anew under another name`),
    ...holds.held.map(({ id, reason }) => `${id} is held: ${reason}`),
    ...holds.absent.map(
      ({ id, reason }) => `${id} is not in the backup, and was held: ${reason}; do not send it again`,
    ),
  ]
  const lines = [
    ...(decided.length === 0 ? ['no key and no upload had to be changed'] : decided),
    admission.open ? 'admission is open' : `admission stays closed: ${admission.reason}`,
    circuit.paused ? `deliveries stay paused: ${circuit.reason ?? 'no reason given'}` : 'deliveries run',
  ]
  return lines.map(line => `${line}\n`).join('')
}
