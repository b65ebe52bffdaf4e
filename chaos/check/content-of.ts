/** What a fact says, short: the same for the row in the log and for what a client was handed. */
export function contentOf(event: { type: string; payload: unknown }): string {
  const { message } = event.payload as { message?: { id: string; clientId: string; text: string } }
  if (!message) return event.type
  return `${event.type} ${message.id} ${message.clientId} ${message.text.slice(0, 40)}`
}
