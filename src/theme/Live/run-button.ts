/** The id of the place, high on a page, where the button stands that begins its run. */
export const RUN_BUTTON = 'run-here'
