/** What the plugin put into an element's one attribute, when the site was built. */
export function parseView<View>(view: string): View {
  return JSON.parse(view)
}
