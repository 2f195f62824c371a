using GenAI.Core.Storage;

namespace GenAI.Core.VectorStores;

/// <summary>The types of values that a column can hold, and the columns for them.</summary>
/// <remarks>One generic instance for each type is named here, so that nothing has to be made by reflection.</remarks>
internal static class ColumnTypes
{
    public const string Supported = "bool, byte, sbyte, short, ushort, int, uint, long, ulong, float, double, decimal, char, string, Guid, DateTime, DateTimeOffset, DateOnly, TimeOnly, TimeSpan, their nullable forms, and arrays and List<T> of these";

    public const string SupportedKeys = "string, Guid, byte, sbyte, short, ushort, int, uint, long, ulong";

    public const string SupportedVectors = "ReadOnlyMemory<float>, Embedding<float>, float[]";

    private static readonly Dictionary<Type, IColumnFactory> Factories = new IColumnFactory[]
    {
        new ColumnFactory<bool>(), new ColumnFactory<byte>(), new ColumnFactory<sbyte>(), new ColumnFactory<short>(), new ColumnFactory<ushort>(),
        new ColumnFactory<int>(), new ColumnFactory<uint>(), new ColumnFactory<long>(), new ColumnFactory<ulong>(), new ColumnFactory<float>(),
        new ColumnFactory<double>(), new ColumnFactory<decimal>(), new ColumnFactory<char>(), new ColumnFactory<Guid>(), new ColumnFactory<DateTime>(),
        new ColumnFactory<DateTimeOffset>(), new ColumnFactory<DateOnly>(), new ColumnFactory<TimeOnly>(), new ColumnFactory<TimeSpan>(), new ColumnFactory<string>(),
    }.ToDictionary(factory => factory.ValueType);

    private interface IColumnFactory
    {
        Type ValueType { get; }

        Type ArrayType { get; }

        Type ListType { get; }

        Column Create(DataField field);

        Column Open(DataField field, MappedSection section, int rows);

        KeyMap CreateKeys(string name);

        KeyMap OpenKeys(string name, MappedSection section, int rows);

        void WriteKeys(SectionWriter section, IReadOnlyList<(Column Column, ulong[] Rows)> sources);

        object ToList(Array array);
    }

    /// <summary>The type of the values that a property of this type stores, or null if it cannot be stored.</summary>
    public static Type? ValueTypeOf(Type propertyType, out bool isList)
    {
        isList = false;
        var plain = Nullable.GetUnderlyingType(propertyType) ?? propertyType;
        if (Factories.ContainsKey(plain))
            return plain;

        foreach (var factory in Factories.Values)
        {
            if (propertyType == factory.ArrayType || propertyType == factory.ListType)
            {
                isList = true;
                return factory.ValueType;
            }
        }

        return null;
    }

    /// <summary>Makes the list that a property of this type holds from a column's array, or null where it holds the array itself or no list.</summary>
    public static Func<Array, object>? ToList(Type propertyType) => Factories.Values.FirstOrDefault(factory => factory.ListType == propertyType) is { } made ? made.ToList : null;

    public static bool IsKeyType(Type type) =>
        type == typeof(string) || type == typeof(Guid) || type == typeof(int) || type == typeof(long) || type == typeof(ulong) || type == typeof(uint)
        || type == typeof(short) || type == typeof(ushort) || type == typeof(byte) || type == typeof(sbyte);

    public static Column Create(DataField field) => Factories[field.ValueType].Create(field);

    /// <summary>The column of a segment.</summary>
    /// <exception cref="CorruptDataException">Its section is damaged.</exception>
    public static Column Open(DataField field, MappedSection section, int rows) => Factories[field.ValueType].Open(field, section, rows);

    public static KeyMap CreateKeys(KeyField key) => Factories[key.Type].CreateKeys(key.Name);

    /// <summary>The keys of a segment.</summary>
    /// <exception cref="CorruptDataException">Their section is damaged.</exception>
    public static KeyMap OpenKeys(KeyField key, MappedSection section, int rows) => Factories[key.Type].OpenKeys(key.Name, section, rows);

    /// <summary>Writes the keys of a segment, from the key columns of other parts of the table.</summary>
    public static void WriteKeys(KeyField key, SectionWriter section, IReadOnlyList<(Column Column, ulong[] Rows)> sources) => Factories[key.Type].WriteKeys(section, sources);

    /// <summary>The name of a type in files.</summary>
    public static string NameOf(Type valueType) => valueType.Name;

    /// <summary>The type of a name in files; null if it is none of ours.</summary>
    public static Type? TypeOf(string name) => Array.Find([.. Factories.Keys], type => type.Name == name);

    /// <summary>The type of arrays of a type.</summary>
    public static Type ArrayOf(Type valueType) => Factories[valueType].ArrayType;

    public static string Describe(DataField field) => field.IsList ? $"list of {field.ValueType.Name}" : field.ValueType.Name;

    private sealed class ColumnFactory<T> : IColumnFactory
        where T : IComparable<T>, IEquatable<T>
    {
        public Type ValueType => typeof(T);

        public Type ArrayType => typeof(T[]);

        public Type ListType => typeof(List<T>);

        public Column Create(DataField field) => field.IsList ? new ListColumn<T>(field) : new ValueColumn<T>(field);

        public Column Open(DataField field, MappedSection section, int rows)
        {
            if (field.IsList)
                return new MappedListColumn<T>(field, SectionPart.Read(section, MappedListColumn<T>.Parts), rows);
            var parts = SectionPart.Read(section, MappedValues<T>.Parts + 1);
            return new MappedColumn<T>(field, new MappedValues<T>(parts, rows), parts[^1]);
        }

        public KeyMap CreateKeys(string name) => new KeyMap<T>(name);

        public KeyMap OpenKeys(string name, MappedSection section, int rows) => new MappedKeyMap<T>(name, SectionPart.Read(section, MappedKeyMap<T>.Parts), rows);

        public void WriteKeys(SectionWriter section, IReadOnlyList<(Column Column, ulong[] Rows)> sources) => MappedKeyMap<T>.Write(section, sources);

        public object ToList(Array array) => new List<T>((T[])array);
    }
}
