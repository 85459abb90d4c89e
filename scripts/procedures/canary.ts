// A small file goes in as any upload does, and must come out downstream with the SHA-256 that it had here.
const file = tmpfile('canary.txt', `canary of ${new Date().toISOString()}, ${Math.random()}\n`)
const [here] = (await $`sha256sum ${file}`).stdout.split(' ')
const sent = await $`bridgectl uploads send ${file} --wait 20s --json`.finally(() => fs.remove(file))
const { id, state, sha256 } = sent.json<{ id: string; state: string; sha256: string }>()
expect({ state, sha256 }).toEqual({ state: 'delivered', sha256: here })

// So much for what our own service says. A downstream that lists what it received, as the lab's does, is asked, too.
const received = await http(`${target.downstreamUrl}/received`)
if (received.status === 200) {
  const there = received.json<{ id: string; sha256: string }[]>().find(upload => upload.id === id)
  expect(there?.sha256).toBe(here)
}
return { id, sha256 }
