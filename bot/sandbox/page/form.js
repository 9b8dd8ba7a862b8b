// What a person has typed and chosen in one surface (a view, a Home tab, a message), in the shape of Slack's `state.values`.
// It outlives redraws: a view that is updated with the same block_id and action_id keeps its values.

export class Form {
  constructor(initial = {}) {
    this.kept = new Map();
    this.fields = new Map();
    for (const [block, actions] of Object.entries(initial)) {
      for (const [action, value] of Object.entries(actions)) this.kept.set(keyOf(block, action), value);
    }
  }

  // Called before each redraw: only fields that are drawn again count.
  begin() {
    this.fields.clear();
  }

  // Gives the kept value, else the element's own first value, and counts the field in.
  enter(blockId, element, first, check) {
    const key = keyOf(blockId, element.action_id);
    const kept = this.kept.get(key);
    if (!kept || kept.type !== element.type) this.kept.set(key, { type: element.type, ...first });
    this.fields.set(key, { blockId, actionId: element.action_id, check });
    return this.kept.get(key);
  }

  set(blockId, element, value) {
    this.kept.set(keyOf(blockId, element.action_id), { type: element.type, ...value });
  }

  value(blockId, actionId) {
    return this.kept.get(keyOf(blockId, actionId));
  }

  state() {
    const values = {};
    for (const [key, { blockId, actionId }] of this.fields) {
      values[blockId] ||= {};
      values[blockId][actionId] = this.kept.get(key);
    }
    return { values };
  }

  // {block_id: sentence} for what a client refuses before the app is asked.
  errors() {
    const found = {};
    for (const [key, { blockId, check }] of this.fields) {
      const sentence = check ? check(this.kept.get(key)) : null;
      if (sentence && !found[blockId]) found[blockId] = sentence;
    }
    return found;
  }
}

const keyOf = (blockId, actionId) => `${blockId}\u0000${actionId}`;

// Forms by surface, so that a view which is covered and shown again, or a message drawn anew, finds its own.
const forms = new Map();

export function formFor(key, initial) {
  if (!forms.has(key)) forms.set(key, new Form(initial));
  return forms.get(key);
}

export function forgetForms(keep) {
  for (const key of forms.keys()) if (key.startsWith("view:") && !keep.has(key)) forms.delete(key);
}
