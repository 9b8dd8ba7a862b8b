// What a person has begun to type, and what they sent before, for as long as the tab lives.

import { state } from "./state.js";

const HISTORY_LENGTH = 50;

function load(key, otherwise) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function save(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    /* full or forbidden: the draft lives on in the field */
  }
}

const draftKey = (place) => `draft:${state.as}:${place}`;
const historyKey = () => `sent:${state.as}`;

export const draftFor = (place) => load(draftKey(place), "");
export const keepDraft = (place, text) => save(draftKey(place), text);
export const sentBefore = () => load(historyKey(), []);

export function rememberSent(text) {
  save(historyKey(), [...sentBefore().filter((one) => one !== text), text].slice(-HISTORY_LENGTH));
}
