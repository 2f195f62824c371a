namespace GenAI.Core.Guardrails;

/// <summary>Where on its way through an application a text is checked.</summary>
[Flags]
public enum GuardrailStages
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>What a user wrote, before anything is retrieved or generated.</summary>
    Input = 1,

    /// <summary>A retrieved chunk, before sources are numbered. A chunk in which anything is found is left out, so that what is quoted is always what the document says.</summary>
    Evidence = 2,

    /// <summary>The arguments that a model calls a tool with.</summary>
    ToolCall = 4,

    /// <summary>What a tool returned, before a model reads it.</summary>
    ToolResult = 8,

    /// <summary>What a model wrote: text, reasoning, refusals.</summary>
    Output = 16,

    /// <summary>Everywhere.</summary>
    All = Input | Evidence | ToolCall | ToolResult | Output,
}
