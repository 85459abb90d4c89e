import { filledVolume } from '../../kit/filled-volume.ts'

/** A client begins uploads and never finishes them, until the volume is full. */
export const storageFilling = filledVolume({
  name: 'storage-filling',
  title: 'The storage volume fills up',
  summary: 'A client begins many uploads and never finishes them; their bytes fill the volume',
  isStale: true,
})
