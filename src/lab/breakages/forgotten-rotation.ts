import { editedConfiguration } from '../kit/edited-configuration.ts'

/** Everybody who ever left still knows the password. */
export const forgottenRotation = editedConfiguration({
  name: 'forgotten-rotation',
  title: 'Secrets have not been replaced for years',
  summary: 'secrets.rotatedAt is 2023-01-01 in the configuration',
  set: { 'secrets.rotatedAt': '2023-01-01' },
})
