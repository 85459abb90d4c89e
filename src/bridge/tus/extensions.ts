/**
 * The extensions of tus 1.0 that clients may use, as `Tus-Extension` names them: an upload is made by `create()` of the store, may bring
 * its first bytes to `write()` at once, and is given up by `remove()`. Another one needs what the store does for it, and stands here.
 */
export const tusExtensions = ['creation', 'creation-with-upload', 'termination'] as const
