import {
  ActionIcon,
  Button,
  Checkbox,
  Combobox,
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  Input,
  InputWrapper,
  Kbd,
  Loader,
  type MantineColorSchemeManager,
  type MantineColorsTuple,
  Menu,
  Modal,
  Notification,
  NumberInput,
  PasswordInput,
  Popover,
  Radio,
  SegmentedControl,
  Select,
  Switch,
  Tabs,
  Text,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core';

/** Mantine wants ten shades; what is drawn comes from the tokens through {@link tokenVariables}. */
const accent: MantineColorsTuple = [
  '#eaf2ff',
  '#d6e6ff',
  '#a9caff',
  '#7db2ff',
  '#5b9dff',
  '#3d83ee',
  '#1f63d6',
  '#1a55b9',
  '#164899',
  '#0f356f',
];

/** What Mantine itself draws from its dark shades, in the tokens' hue: text first, the deepest surface last. */
const dark: MantineColorsTuple = [
  '#eceff4',
  '#b4bcc9',
  '#8f99a8',
  '#6b7482',
  '#454c58',
  '#2b3038',
  '#1b1f24',
  '#1b1f24',
  '#16191d',
  '#101215',
];

const small = { defaultProps: { size: 'xs' as const } };
const overlay = { shadow: 'md', radius: 'sm', transitionProps: { duration: 0 } };

/** Mantine in Topicscope's clothes: dense (28 px controls, 13 px text), every colour out of `ui/tokens.css`. */
export const theme = createTheme({
  primaryColor: 'accent',
  colors: { accent, dark },
  fontFamily: 'var(--font-ui)',
  fontFamilyMonospace: 'var(--font-mono)',
  headings: { fontFamily: 'var(--font-ui)', fontWeight: '600' },
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '18px' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.4', lg: '1.4', xl: '1.4' },
  shadows: { xs: 'none', sm: 'var(--shadow)', md: 'var(--shadow)', lg: 'var(--shadow)', xl: 'var(--shadow)' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    const isAccent = input.color === undefined || input.color === 'accent';
    return input.variant === 'filled' && isAccent ? { ...colors, color: 'var(--on-accent)' } : colors;
  },
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 24 } }),
    Button: Button.extend(small),
    Checkbox: Checkbox.extend(small),
    Combobox: Combobox.extend({ defaultProps: overlay }),
    Input: Input.extend(small),
    InputWrapper: InputWrapper.extend(small),
    Kbd: Kbd.extend(small),
    Loader: Loader.extend(small),
    Menu: Menu.extend({ defaultProps: overlay }),
    Modal: Modal.extend({
      defaultProps: {
        transitionProps: { duration: 0 },
        centered: true,
        radius: 'md',
        overlayProps: { backgroundOpacity: 0.35 },
      },
      styles: { title: { fontWeight: 600 } },
    }),
    Notification: Notification.extend({ defaultProps: { radius: 'md' } }),
    NumberInput: NumberInput.extend(small),
    PasswordInput: PasswordInput.extend(small),
    Popover: Popover.extend({ defaultProps: overlay }),
    Radio: Radio.extend(small),
    SegmentedControl: SegmentedControl.extend(small),
    Select: Select.extend({ defaultProps: { size: 'xs', allowDeselect: false, comboboxProps: overlay } }),
    Switch: Switch.extend({ defaultProps: { size: 'xs', withThumbIndicator: false } }),
    Tabs: Tabs.extend({ defaultProps: { keepMounted: false } }),
    Text: Text.extend({ defaultProps: { size: 'sm' } }),
    Textarea: Textarea.extend(small),
    TextInput: TextInput.extend(small),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 400,
        closeDelay: 0,
        transitionProps: { duration: 0 },
        withArrow: false,
        multiline: true,
        maw: 360,
      },
    }),
  },
});

const fromTokens = {
  '--mantine-color-body': 'var(--surface-2)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-3)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-error': 'var(--error)',
  '--mantine-color-success': 'var(--ok)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-default': 'var(--surface-2)',
  '--mantine-color-default-hover': 'var(--surface-hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--hairline-strong)',
  '--mantine-color-disabled': 'var(--surface-0)',
  '--mantine-color-disabled-color': 'var(--text-3)',
  '--mantine-color-disabled-border': 'var(--hairline)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  '--mantine-color-accent-text': 'var(--accent)',
  '--mantine-color-accent-filled': 'var(--accent)',
  '--mantine-color-accent-filled-hover': 'var(--accent-hover)',
  '--mantine-color-accent-light': 'var(--surface-selected)',
  '--mantine-color-accent-light-hover': 'var(--surface-selected)',
  '--mantine-color-accent-light-color': 'var(--accent)',
  '--mantine-color-accent-outline': 'var(--accent)',
  '--mantine-color-accent-outline-hover': 'var(--surface-hover)',
  '--mantine-color-gray-light': 'var(--surface-hover)',
  '--mantine-color-gray-light-hover': 'var(--surface-hover)',
  '--mantine-color-gray-light-color': 'var(--text-2)',
  '--mantine-color-red-filled': 'var(--error)',
  '--mantine-color-red-light': 'var(--error-soft)',
  '--mantine-color-red-light-hover': 'var(--error-soft)',
  '--mantine-color-red-light-color': 'var(--error)',
  '--mantine-color-red-outline': 'var(--error)',
  '--mantine-color-red-text': 'var(--error)',
};

/** Points Mantine's colours at the tokens, in both schemes. */
export const tokenVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: fromTokens,
  dark: fromTokens,
});

/** The scheme is a setting of the engine (see `state/engine-data.ts`); nothing is kept in the browser. */
export const noColorSchemeStorage: MantineColorSchemeManager = {
  get: (fallback) => fallback,
  set: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
};
