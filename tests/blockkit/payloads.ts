// What leaves for Slack, in the words of Slack's own types. `KnownBlock` in place of `AnyBlock`: the latter lets everything pass.
import type { HomeView, KnownBlock, MessageAttachment, MessageMetadata, ModalView, Option } from "@slack/types";

export interface Attachment extends Omit<MessageAttachment, "blocks"> {
  blocks?: KnownBlock[];
}

export interface Message {
  text?: string;
  blocks?: KnownBlock[];
  attachments?: Attachment[];
  metadata?: MessageMetadata;
}

export interface Home extends Omit<HomeView, "blocks"> {
  blocks: KnownBlock[];
}

export interface Modal extends Omit<ModalView, "blocks"> {
  blocks: KnownBlock[];
}

export interface Suggestions {
  options?: Option[];
  option_groups?: { label: { type: "plain_text"; text: string; emoji?: boolean }; options: Option[] }[];
}
