/** What a text field of the profile's form has in common with every other. */
import type { ProfileField, ProfileForm } from './profileForm';
import type { ProfileEditor } from './useProfileEditor';

type TextField = Extract<
  ProfileField,
  keyof { [F in keyof ProfileForm as ProfileForm[F] extends string ? F : never]: F }
>;

export const bindTo =
  ({ form, errorOf, change }: ProfileEditor) =>
  (field: TextField) => ({
    value: form[field],
    error: errorOf(field),
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { currentTarget: { value: string } }) => change({ [field]: event.currentTarget.value }, field),
  });
