using System.Text.Json.Serialization;

namespace GenAI.Core.Benchmarks;

/// <summary>One measured figure. A floor is what the figure must reach; rows without one are there for comparison.</summary>
internal sealed record BenchmarkRow(string Row, double? Value, string Unit, double? Floor, string Better, int Runs)
{
    /// <summary>Whether the floor is reached; null where there is no floor.</summary>
    public bool? Met => Floor is null ? null : Value is { } value && (Better == "lower" ? value <= Floor : value >= Floor);

    /// <summary>Why there is no value, such as a peer that is not installed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }
}

/// <summary>Collects the rows of a suite and prints them as one table.</summary>
internal sealed class BenchmarkReport(bool quick, string? only = null)
{
    private readonly List<BenchmarkRow> _rows = [];

    /// <summary>Whether to measure on less data and with fewer runs, to see that everything works.</summary>
    public bool Quick => quick;

    public IReadOnlyList<BenchmarkRow> Rows => _rows;

    /// <summary>Whether rows whose names begin so are asked for: all, unless <c>--only</c> names the beginning of some.</summary>
    public bool Wants(string group) => only is null || group.StartsWith(only, StringComparison.Ordinal) || only.StartsWith(group, StringComparison.Ordinal);

    public void Lower(string row, double value, string unit, int runs, double? floor = null) => Add(new(row, value, unit, floor, "lower", runs));

    public void Higher(string row, double value, string unit, int runs, double? floor = null) => Add(new(row, value, unit, floor, "higher", runs));

    /// <summary>Reports a peer or data set that is not here.</summary>
    public void Absent(string row, string reason) => Add(new(row, null, "absent", null, "higher", 0) { Note = reason });

    private void Add(BenchmarkRow row)
    {
        _rows.Add(row);
        Console.Error.WriteLine($"  {row.Row}: {Format(row.Value)} {row.Unit} {row.Note}");
    }

    public void Print(TextWriter output)
    {
        output.WriteLine($"{"row",-58} {"value",12} {"unit",-12} {"floor",10} {"met",-4} {"runs",5}");
        foreach (var row in _rows)
        {
            var met = row.Met switch { true => "yes", false => "NO", null => "" };
            output.WriteLine($"{row.Row,-58} {Format(row.Value),12} {row.Unit,-12} {Format(row.Floor),10} {met,-4} {row.Runs,5} {row.Note}");
        }
    }

    private static string Format(double? value) => value switch
    {
        null => "",
        _ when Math.Abs(value.Value) >= 1000 => value.Value.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture),
    };
}
