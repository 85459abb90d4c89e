/** The parts of pages that are written from the code: name in the page's markers -> what writes it, as Markdown. */
export const references: Readonly<Record<string, () => Promise<string>>> = {}
