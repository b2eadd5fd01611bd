/** The first line of an output that is not empty. */
export const firstLine = (text: string): string => text.split('\n').find((line) => line.trim() !== '') ?? '';
