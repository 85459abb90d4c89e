/**
 * The extensions of tus 1.0 that clients may use, named as in `Tus-Extension`. In upload-store.ts `create()` makes an
 * upload, `declareUploadLength()` tells its length later, `write()` may take the first bytes at once, `expiresAt()` tells when it expires, and
 * `remove()` ends it. Add a new extension here, and its work there.
 */
export const tusExtensions = [
  'creation',
  'creation-with-upload',
  'creation-defer-length',
  'expiration',
  'termination',
] as const
