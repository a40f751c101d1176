"""How the workflow is run: in the SDK's sandbox, with our own modules passed through.

The sandbox would load them afresh for every case (2.5 ms of CPU each). They are deterministic by the walls:
`onboarding.domain` may import the standard library alone, the clock is banned by name, and recorded histories
are replayed. What remains sandboxed is everything else that they could reach.
"""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions


def workflow_runner() -> SandboxedWorkflowRunner:
    """The runner of worker and replay alike."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules("onboarding", "temporal_app")
    )
