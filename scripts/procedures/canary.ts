// A small file goes in as any upload does, and must come out downstream with the SHA-256 that it had here.
const file = tmpfile('canary.txt', `canary of ${new Date().toISOString()}, ${Math.random()}\n`)
const [here] = (await $`sha256sum ${file}`.quiet()).stdout.split(' ')
const sent = await $`bridgectl uploads send ${file} --wait 20s`.finally(() => fs.remove(file))
const [id, delivered] = sent.stdout.trim().split(' ')
expect(delivered).toBe(here)

// So much for what our own service says. A downstream that lists what it received, as the lab's does, is asked, too.
const received = await http(`${target.downstreamUrl}/received`)
if (received.status === 200) {
  const uploads = received.json<{ id: string; sha256: string }[]>()
  expect(uploads.find(upload => upload.id === id)?.sha256).toBe(here)
}
return { id }
