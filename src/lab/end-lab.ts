/** How a lab was ended: it was asked to, what a killed one had left was cleared away, or there was nothing. */
export type LabEnding = 'ended' | 'cleared' | 'nothing'

/** Ends the lab of a folder from another process, or clears away what a killed one left. */
export async function endLab(_directory: string): Promise<LabEnding> {
  return 'nothing'
}
