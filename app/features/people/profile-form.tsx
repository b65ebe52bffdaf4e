import type { Self } from '../../../server/features/people/people.schema.ts'
import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { useLocale } from '~/ui/locale.tsx'
import { Select } from '~/ui/select.tsx'
import { TextField } from '~/ui/text-field.tsx'

/** What everyone may know of me. */
export function ProfileForm({ viewer, zones }: { viewer: Self; zones: readonly string[] }) {
  const state = useFormState('profile')
  const text = strings.people.edit
  const { timeZone } = useLocale()
  // The one where the browser is comes first: it is the likeliest.
  const offered = [...new Set([timeZone, ...(viewer.timeZone ? [viewer.timeZone] : []), ...zones])]
  return (
    <ActionForm state={state} className="flex flex-col gap-5">
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          label={text.name}
          name="name"
          autoComplete="name"
          required
          maxLength={80}
          dir="auto"
          defaultValue={state.value('name') ?? viewer.name}
          error={state.error('name')}
        />
        <TextField
          label={text.handle}
          hint={text.handleHint}
          name="handle"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
          maxLength={31}
          defaultValue={state.value('handle') ?? viewer.handle}
          error={state.error('handle')}
        />
      </div>
      <TextField
        label={text.work}
        hint={text.workHint}
        name="title"
        autoComplete="organization-title"
        maxLength={100}
        dir="auto"
        defaultValue={state.value('title') ?? viewer.title}
        error={state.error('title')}
      />
      <Select
        label={text.zone}
        hint={text.zoneHint}
        name="timeZone"
        defaultValue={state.value('timeZone') ?? viewer.timeZone ?? ''}
        error={state.error('timeZone')}
        options={[
          { value: '', label: text.noZone },
          ...offered.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') })),
        ]}
      />
      <Submit state={state}>{text.save}</Submit>
    </ActionForm>
  )
}
