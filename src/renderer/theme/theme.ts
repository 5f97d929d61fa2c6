/** Mantine in the app's own colours (tokens.css) and at the app's own density. */
import {
  ActionIcon,
  Button,
  Combobox,
  type CSSVariablesResolver,
  createTheme,
  Input,
  type MantineColorSchemeManager,
  type MantineColorsTuple,
  Modal,
  NativeSelect,
  Popover,
  Switch,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core';
import controls from './controls.module.css';

/** Shade 7 is the light accent, shade 4 the dark one. */
const sea: MantineColorsTuple = [
  '#e9f7f6',
  '#cfebe9',
  '#a3dcd9',
  '#74d0cb',
  '#4cc5c0',
  '#2aa9a6',
  '#128a8b',
  '#0a6d70',
  '#085658',
  '#053c3f',
];

const field = { size: 'xs' } as const;
const fieldClasses = {
  label: controls.label,
  error: controls.error,
  description: controls.description,
  input: controls.input,
};

export const theme = createTheme({
  primaryColor: 'sea',
  primaryShade: { light: 7, dark: 4 },
  colors: { sea },
  autoContrast: true,
  respectReducedMotion: true,
  cursorType: 'pointer',
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  defaultRadius: 5,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 28 } }),
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    Input: Input.extend({ defaultProps: field, classNames: { input: controls.input } }),
    TextInput: TextInput.extend({ defaultProps: field, classNames: fieldClasses }),
    Textarea: Textarea.extend({ defaultProps: field, classNames: fieldClasses }),
    NativeSelect: NativeSelect.extend({ defaultProps: field, classNames: fieldClasses }),
    Switch: Switch.extend({ classNames: { label: controls.switchLabel, description: controls.description } }),
    Combobox: Combobox.extend({
      defaultProps: { shadow: 'none' },
      classNames: { dropdown: controls.dropdown, option: controls.option },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 350, withArrow: false, events: { hover: true, focus: true, touch: false } },
      classNames: { tooltip: controls.tooltip },
    }),
    Popover: Popover.extend({ defaultProps: { shadow: 'none' }, classNames: { dropdown: controls.dropdown } }),
    // The page itself never scrolls, so there is nothing to lock (and no style tag to be added for it).
    Modal: Modal.extend({
      defaultProps: { lockScroll: false, centered: true, shadow: 'none', transitionProps: { duration: 120 } },
      classNames: {
        content: controls.dialog,
        header: controls.dialogHeader,
        title: controls.dialogTitle,
        body: controls.dialogBody,
        overlay: controls.overlay,
      },
    }),
  },
});

const tokens = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-muted)',
  '--mantine-color-placeholder': 'var(--text-muted)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--surface-high)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--control-line)',
  '--mantine-color-gray-light-color': 'var(--text-muted)',
  '--mantine-color-gray-light-hover': 'var(--surface-high)',
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: tokens, dark: tokens });

/** The system's scheme, always: there is no switch, so nothing is kept. */
export const systemScheme: MantineColorSchemeManager = {
  get: () => 'auto',
  set: () => undefined,
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => undefined,
};
