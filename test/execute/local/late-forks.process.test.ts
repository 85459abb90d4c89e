import { execa } from 'execa'
import { expect, test } from 'vitest'
import { eventually, findLiving, makeMarker } from '../living.ts'

// 157 is prctl on x64. A fork of much memory takes long enough for the supervisor to look, stop and kill while it is under way.
const FORKER =
  '$x = "a" x 60_000_000; $SIG{CHLD} = "IGNORE"; for (;;) { fork or sleep 600; select undef, undef, undef, 0.01 }'

// On a busy machine 5 of 300 got away from a supervisor that looked only before it killed.
test('what is forked while everything is being ended is ended, too', async () => {
  const tryOnce = async () => {
    const marker = makeMarker()
    const program = ['perl', '-e', FORKER, marker]
    const supervisor = execa('perl', ['-w', 'src/execute/local/supervise.pl', '157', '0', ...program], {
      stdin: 'pipe',
    })
    expect(await eventually(() => findLiving(marker).length > 5)).toBe(true)
    supervisor.stdin.end()
    expect((await supervisor).exitCode).toBe(0)
    return eventually(() => findLiving(marker).length === 0, 2000)
  }
  for (let round = 0; round < 10; round++)
    expect(await Promise.all(Array.from({ length: 4 }, tryOnce))).toEqual([true, true, true, true])
}, 120_000)
