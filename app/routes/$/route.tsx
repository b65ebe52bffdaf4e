/** Every address that no other route knows: the 404 page, with the status that belongs to it. */
export function loader(): never {
  throw new Response(null, { status: 404 })
}

export default function NothingHere() {
  return null
}
