/** Asks for a reason; nothing when the person thinks better of it. */
export async function askReason(message: string, signal: AbortSignal): Promise<string | undefined> {
  const { isCancel, text } = await import('@clack/prompts')
  const reason = await text({
    message,
    validate: value => (value?.trim() ? undefined : 'A few words for people who read this later'),
    signal,
  })
  return isCancel(reason) ? undefined : reason.trim()
}
