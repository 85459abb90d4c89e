import { filledVolume } from '../../kit/filled-volume.ts'

/** More is uploaded than the volume can hold. Nothing of it may be deleted. */
export const storageGrowing = filledVolume({
  name: 'storage-growing',
  title: 'Running uploads fill the volume',
  summary: 'Many clients upload at the same time, and what they have sent of their running uploads fills the volume',
  isStale: false,
})
