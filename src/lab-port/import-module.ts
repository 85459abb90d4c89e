/** Imports a module by its URL. It is a file of its own, because a bundle that is compiled ahead of time cannot import. */
export async function importModule(url: string): Promise<unknown> {
  return import(url)
}
