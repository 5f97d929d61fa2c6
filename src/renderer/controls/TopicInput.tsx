/** A field for a topic's name: one of those there are, or a new one. */
import { Combobox, TextInput, type TextInputProps, useCombobox } from '@mantine/core';
import { useMemo } from 'react';
import { useMain } from '../state/mainState';
import { findTopics } from '../topics/findTopics';

interface TopicInputProps extends Omit<TextInputProps, 'onChange' | 'value'> {
  readonly value: string;
  readonly onChange: (name: string) => void;
}

/** More would not be read, and would slow down typing. */
const MOST_OFFERED = 50;

export function TopicInput({ value, onChange, ...others }: TopicInputProps) {
  const topics = useMain((state) => state.topics);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const offered = useMemo(() => {
    // A name that is there already was chosen: then all are offered again.
    const chosen = topics.some(({ name }) => name === value);
    return (chosen ? topics : findTopics(topics, value)).slice(0, MOST_OFFERED);
  }, [topics, value]);
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(name) => {
        onChange(name);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target withExpandedAttribute>
        <TextInput
          autoComplete="off"
          spellCheck={false}
          {...others}
          value={value}
          onChange={(event) => {
            onChange(event.currentTarget.value);
            combobox.openDropdown();
          }}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={offered.length === 0}>
        <Combobox.Options aria-label="Topics to choose from" mah={260} style={{ overflowY: 'auto' }}>
          {offered.map(({ name }) => (
            <Combobox.Option key={name} value={name} active={name === value}>
              {name}
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
