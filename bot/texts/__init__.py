"""Every sentence that people read, rendered from the templates, one named part at a time.

`texts.say("status.headline", workflow=…)` renders the block `headline` of `templates/status.j2`. What a
template prints is taken for foreign text unless it is marked as safe: it is cleaned, put on one line and, for
Slack's mrkdwn, escaped, so that it can neither mention anybody nor open a link (RELIABILITY S12, S17, E20).
Cut long text in the template (`{{ title|cut(70) }}`): that happens before escaping.

Slack still makes links of bare addresses unless a text object says `"verbatim": true`; send them so.
"""

from bot.domain.wording import clean, cut
from bot.texts.marks import Mrkdwn, Plain, Surface, escape
from bot.texts.rendering import TEMPLATES, Texts, parts

__all__ = ["TEMPLATES", "Mrkdwn", "Plain", "Surface", "Texts", "clean", "cut", "escape", "parts"]
