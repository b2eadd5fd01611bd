import { HighlightStyle } from '@codemirror/language';
import { tags } from '@lezer/highlight';

/** Colours of code on a dark background. Each has a contrast of at least 4.5 to 1. */
export const oneDarkHighlight = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: '#d7a1f9' },
  { tag: [tags.string, tags.special(tags.string)], color: '#a5d6a7' },
  { tag: [tags.number, tags.bool, tags.atom], color: '#f5b971' },
  { tag: [tags.comment], color: '#a8a8a8', fontStyle: 'italic' },
  { tag: [tags.variableName, tags.definition(tags.variableName)], color: '#90caf9' },
  { tag: [tags.standard(tags.variableName), tags.function(tags.variableName)], color: '#80deea' },
  { tag: [tags.meta, tags.processingInstruction], color: '#ffab91' },
]);
