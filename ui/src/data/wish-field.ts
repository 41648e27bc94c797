/** What a field offers that Embert fills in until the person does. */

export interface Option {
  value: string;
  name: string;
}

/** What can be typed instead of chosen. */
export interface Typing {
  /** The option that opens the field for it. */
  option: string;
  /** What is wrong with what can't be read. */
  hint: string;
  isNumber: boolean;
  /** Returns the value of what was typed; null when it can't be one. */
  read: (typed: string) => string | null;
}
