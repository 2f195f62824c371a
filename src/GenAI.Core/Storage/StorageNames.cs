using System.Globalization;

namespace GenAI.Core.Storage;

/// <summary>What a file of a store is for.</summary>
internal enum StorageFileKind
{
    /// <summary>Not a file of a store.</summary>
    Foreign,
    Segment,
    Log,
    Manifest,
    Lock,

    /// <summary>Left by a process that ended while it wrote.</summary>
    Temporary,
}

/// <summary>The names of a store's files: a number and what it is.</summary>
internal static class StorageNames
{
    public const string Lock = "lock";
    private const string SegmentSuffix = ".segment";
    private const string LogSuffix = ".log";
    private const string ManifestSuffix = ".manifest";
    private const string TemporarySuffix = ".tmp";

    public static string Segment(long number) => Number(number) + SegmentSuffix;

    public static string Log(long number) => Number(number) + LogSuffix;

    public static string Manifest(long number) => Number(number) + ManifestSuffix;

    public static string Temporary(string name) => name + TemporarySuffix;

    public static StorageFileKind Parse(string name, out long number)
    {
        number = 0;
        if (name == Lock)
            return StorageFileKind.Lock;
        if (name.EndsWith(TemporarySuffix, StringComparison.Ordinal))
            return Parse(name[..^TemporarySuffix.Length], out number) == StorageFileKind.Foreign ? StorageFileKind.Foreign : StorageFileKind.Temporary;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot != 19 || !long.TryParse(name.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return StorageFileKind.Foreign;
        return name[dot..] switch
        {
            SegmentSuffix => StorageFileKind.Segment,
            LogSuffix => StorageFileKind.Log,
            ManifestSuffix => StorageFileKind.Manifest,
            _ => StorageFileKind.Foreign,
        };
    }

    // Nineteen digits hold every number, so the order of names is the order of numbers.
    private static string Number(long number) => number.ToString("D19", CultureInfo.InvariantCulture);
}
