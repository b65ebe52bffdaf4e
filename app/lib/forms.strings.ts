export const formStrings = {
  /** For an input that no field of the form stands for. */
  notValid: 'Something in this form is not right. Check it and send it again.',
  saved: 'Saved',
  save: 'Save',
  saving: 'Saving…',
  cancel: 'Cancel',
  optional: 'optional',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Copying was refused by the browser: select the text and copy it.',
  search: 'Search',
  back: 'Back',
}
