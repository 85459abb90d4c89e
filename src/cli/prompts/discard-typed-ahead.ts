/** Milliseconds within which what was typed before arrives. */
const PAUSE = 30

/** Throws away what was typed while nobody asked: an impatient Enter must not answer the next question. */
export async function discardTypedAhead(): Promise<void> {
  const { stdin } = process
  if (!stdin.isTTY) return
  stdin.setRawMode(true)
  const ignore = () => {}
  stdin.on('data', ignore)
  stdin.resume()
  await new Promise(resolve => setTimeout(resolve, PAUSE))
  stdin.pause()
  stdin.off('data', ignore)
  stdin.setRawMode(false)
}
