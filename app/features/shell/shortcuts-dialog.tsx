import { shortcuts, type ShortcutName } from '~/lib/shortcuts.ts'
import { strings } from '~/lib/strings.ts'
import { Dialog } from '~/ui/dialog.tsx'
import { Kbd } from '~/ui/kbd.tsx'

/** Every shortcut, from the table that binds them. */
export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { title, names } = strings.shell.shortcuts
  return (
    <Dialog open onOpenChange={onClose} title={title} closeLabel={strings.shell.close}>
      <dl className="flex flex-col divide-y divide-line">
        {(Object.keys(shortcuts) as ShortcutName[]).map((name) => (
          <div key={name} className="flex items-center justify-between gap-4 py-2">
            <dt className="text-sm">{names[name]}</dt>
            <dd className="flex shrink-0 gap-1">
              {shortcuts[name].keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
