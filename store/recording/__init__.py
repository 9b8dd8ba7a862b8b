"""One fact, written: what it changes in the state tables."""

from typing import assert_never

from bot.domain import facts
from bot.domain.facts import Fact
from bot.domain.requests import RequestState
from store.recording import (
    absences,
    deviations,
    digests,
    documents,
    escrow,
    findings,
    freezes,
    gates,
    grants,
    items,
    memos,
    metrics,
    policies,
    privacy,
    sources,
    tokens,
    voids,
    workflows,
)
from store.recording.scene import Scene


def apply(scene: Scene, fact: Fact) -> None:  # noqa: C901, PLR0912, PLR0915 - one flat table over the facts, closed by the type checker
    """The state tables, changed as `fact` says."""
    match fact:
        case facts.TeamMade():
            workflows.make_team(scene, fact)
        case facts.TeamEdited():
            workflows.edit_team(scene, fact)
        case facts.WorkflowStarted():
            workflows.start_workflow(scene, fact)
        case facts.RoleGiven():
            workflows.give_role(scene, fact)
        case facts.RoleVacated():
            workflows.vacate_role(scene, fact)
        case facts.WorkflowPaused():
            workflows.pause_workflow(scene, fact)
        case facts.WorkflowResumed():
            workflows.resume_workflow(scene, fact)
        case facts.WorkflowEdited():
            workflows.edit_workflow(scene, fact)
        case facts.WorkflowClosed():
            workflows.close_workflow(scene, fact)
        case facts.PhaseChanged():
            workflows.change_phase(scene, fact)
        case facts.PlaybookMoved():
            workflows.move_playbook(scene, fact)
        case facts.GateJudged():
            pass
        case facts.OverrideMet():
            gates.meet_override(scene, fact)
        case facts.OverrideOwed():
            gates.owe_override(scene, fact)
        case facts.ProofSeen():
            workflows.keep_proof(scene, fact)
        case facts.ProofWithdrawn():
            workflows.withdraw_proof(scene, fact)
        case facts.ItemDone():
            items.mark_done(scene, fact)
        case facts.ItemBlocked():
            items.mark_blocked(scene, fact)
        case facts.ItemReopened():
            items.mark_open(scene, fact)
        case facts.ItemRestored():
            items.give_back(scene, fact)
        case facts.ItemSkipped():
            items.mark_skipped(scene, fact)
        case facts.ItemAssigned():
            items.hand_over(scene, fact)
        case facts.ItemTakenOver():
            items.take_over(scene, fact)
        case facts.RequestMade():
            items.make_request(scene, fact)
        case facts.RequestEscalated():
            items.escalate_request(scene, fact)
        case facts.RequestApproved():
            items.settle_request(scene, fact.request_id, RequestState.APPROVED, fact.because)
        case facts.RequestDeclined():
            items.settle_request(scene, fact.request_id, RequestState.DECLINED, fact.because)
            grants.end_request(scene, fact.request_id, RequestState.DECLINED)
        case facts.RequestWithdrawn():
            items.settle_request(scene, fact.request_id, RequestState.WITHDRAWN, fact.because)
            grants.end_request(scene, fact.request_id, RequestState.WITHDRAWN)
        case facts.RequestLapsed():
            items.settle_request(scene, fact.request_id, RequestState.LAPSED)
            grants.end_request(scene, fact.request_id, RequestState.LAPSED)
        case facts.MemoFiled():
            memos.file_memo(scene, fact)
        case facts.DocumentDrafted():
            documents.draft(scene, fact)
        case facts.DocumentEdited():
            documents.edit(scene, fact)
        case facts.DocumentSubmitted():
            documents.submit(scene, fact)
        case facts.DocumentAccepted():
            documents.accept(scene, fact)
        case facts.DocumentRejected():
            documents.reject(scene, fact)
        case facts.DeviationOpened():
            deviations.open_deviation(scene, fact)
        case facts.DeviationClosed():
            deviations.close_deviation(scene, fact)
        case facts.PolicyAdded():
            policies.add_policy(scene, fact)
        case facts.PolicyEdited():
            policies.edit_policy(scene, fact)
        case facts.DrillHeld():
            deviations.hold_drill(scene, fact)
        case facts.MetricDefined() | facts.MetricTightened() | facts.MetricLoosened():
            metrics.define_metric(scene, fact)
        case facts.RedLineDefined():
            metrics.define_red_line(scene, fact)
        case facts.PersonAway():
            absences.go_away(scene, fact)
        case facts.PersonBack():
            absences.come_back(scene, fact)
        case facts.SignalVoided():
            voids.void(scene, fact)
        case facts.GrantRequested():
            grants.request_grant(scene, fact)
        case facts.GrantActivated():
            grants.activate_grant(scene, fact)
        case facts.GrantNarrowed():
            grants.narrow_grant(scene, fact)
        case facts.GrantRevoked():
            grants.revoke_grant(scene, fact)
        case facts.GrantExpired():
            grants.expire_grant(scene, fact)
        case facts.GrantSuspended():
            grants.suspend_grant(scene, fact)
        case facts.SuspensionLifted():
            grants.lift_suspension(scene, fact)
        case facts.GrantResumed():
            grants.resume_grant(scene, fact)
        case facts.GrantAttested():
            grants.attest_grant(scene, fact)
        case facts.WorkflowFrozen():
            workflows.freeze_workflow(scene, fact)
        case facts.WorkflowUnfrozen():
            workflows.unfreeze_workflow(scene, fact)
        case facts.FreezeMeasured():
            freezes.measure_freeze(scene, fact)
        case facts.QuestionAsked():
            escrow.ask_question(scene, fact)
        case facts.QuestionAnswered():
            escrow.answer_question(scene, fact)
        case facts.TokenMade():
            tokens.make_token(scene, fact)
        case facts.TokenRevoked():
            tokens.revoke_token(scene, fact)
        case facts.SourceConnected():
            sources.connect_source(scene, fact)
        case facts.SourceDisconnected():
            sources.disconnect_source(scene, fact)
        case facts.DigestFrozen():
            digests.freeze_digest(scene, fact)
        case facts.DigestSkipped():
            digests.skip_digest(scene, fact)
        case facts.DigestPosted():
            digests.post_digest(scene, fact)
        case facts.DigestHeld():
            digests.hold_digest(scene, fact)
        case facts.DigestReleased():
            digests.release_digest(scene, fact)
        case facts.DigestConfirmed():
            digests.confirm_digest(scene, fact)
        case facts.DigestMissed():
            digests.miss_digest(scene, fact)
        case facts.DigestPartHeld() | facts.DigestPartReleased() | facts.DigestPartConfirmed():
            # The part itself stands in the outbox.
            pass
        case facts.DuplicateDeleted():
            digests.keep_one(scene, fact)
        case facts.FindingsTracked():
            findings.track(scene, fact)
        case facts.FindingAcknowledged():
            findings.acknowledge(scene, fact)
        case facts.FindingSnoozed():
            findings.snooze(scene, fact)
        case facts.FindingAssigned():
            findings.assign(scene, fact)
        case facts.FindingJudged():
            findings.judge(scene, fact)
        case facts.PersonErased():
            privacy.erase_person(scene, fact)
        case facts.Denied() | facts.SignalsForgotten() | facts.SignalsTaken() | facts.DecisionsLogged():
            pass
        case _:
            assert_never(fact)
