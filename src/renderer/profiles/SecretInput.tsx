/** A field for a secret: dots, unless the person asks to see what was typed. */
import { TextInput } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { IconButton } from '../controls/IconButton';

interface SecretInputProps {
  readonly label: string;
  readonly description?: string | undefined;
  readonly value: string;
  readonly error?: string | undefined;
  readonly autoFocus?: boolean;
  readonly onChange: (text: string) => void;
}

export function SecretInput({ label, description, value, error, autoFocus = false, onChange }: SecretInputProps) {
  const [seen, setSeen] = useState(false);
  return (
    <TextInput
      label={label}
      description={description}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      type={seen ? 'text' : 'password'}
      autoComplete="off"
      spellCheck={false}
      autoFocus={autoFocus}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
      rightSection={
        <IconButton
          name={seen ? 'Hide what was typed' : 'Show what was typed'}
          icon={seen ? IconEyeOff : IconEye}
          size={24}
          pressed={seen}
          onClick={() => setSeen(!seen)}
        />
      }
    />
  );
}
