/** Lays a site of `docs`, `runbooks` and `static` of another folder, with preset-classic and nothing of ours. */
export function layPlainSite(root: string, from?: string): Promise<void>
