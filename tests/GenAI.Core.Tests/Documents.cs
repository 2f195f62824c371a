namespace GenAI.Core.Tests;

/// <summary>A small handbook that several tests ask questions of.</summary>
internal static class Documents
{
    public static Document Travel { get; } = new()
    {
        Id = "travel.md",
        Title = "Travel",
        Text = """
            # Travel

            Trips are booked in the portal, at least a week ahead.

            ## Trains

            A first-class ticket is paid for journeys of more than four hours. Shorter journeys are second class.

            ## Hotels

            The company pays at most 140 euros a night. In Zurich and London the limit is 190 euros.
            """,
        Metadata = new Dictionary<string, string> { ["team"] = "people", ["year"] = "2026" },
    };

    public static Document Office { get; } = new()
    {
        Id = "office.txt",
        Title = "Office",
        Text = "The office opens at seven and closes at ten in the evening. Guests sign in at the desk. Bicycles are kept in the cellar.",
        Metadata = new Dictionary<string, string> { ["team"] = "facilities" },
    };

    public static Document Of(string id, string text) => new() { Id = id, Text = text };
}
