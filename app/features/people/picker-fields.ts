/** The form fields of a people picker: one per chosen person with their id, and what is typed. */
export const pickedField = 'person'
export const typedField = 'people'
